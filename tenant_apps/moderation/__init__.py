"""Reports of what people wrote, what moderators did about them, appeals, and how much may be written how soon."""

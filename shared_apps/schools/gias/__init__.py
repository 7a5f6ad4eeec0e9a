"""Reads the files of the national register, Get Information About Schools (GIAS), as DfE publishes them."""

from shared_apps.schools.gias.files import BadRow, LinksFile, RegisterFile, Row, SchoolsFile
from shared_apps.schools.gias.records import RegisterFileError

__all__ = ["BadRow", "LinksFile", "RegisterFile", "RegisterFileError", "Row", "SchoolsFile"]

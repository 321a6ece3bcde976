//! Joins the files of several indexes into one read-only index.

use std::{io, path::Path, sync::Arc};

use tantivy::{
    Directory,
    directory::{
        FileHandle, FileSlice, RamDirectory, WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, OpenReadError, OpenWriteError},
    },
};

/// Read-only tantivy directory with the segment files of several indexes. Its own files, such as the list of all
/// segments, are in memory.
#[derive(Debug, Clone)]
pub(in crate::index) struct UnionDirectory {
    /// Files of the directory itself. Such a file hides a file of an index with the same name.
    pub(in crate::index) own_files: RamDirectory,
    /// Directories of the indexes.
    pub(in crate::index) index_directories: Vec<Box<dyn Directory>>,
}

impl UnionDirectory {
    /// Returns the directory that contains the file `path`; [`own_files`](Self::own_files) if no directory contains the
    /// file.
    fn directory_with_file(&self, path: &Path) -> Result<&dyn Directory, OpenReadError> {
        if !self.own_files.exists(path)? {
            for directory in &self.index_directories {
                if directory.exists(path)? {
                    return Ok(directory.as_ref());
                }
            }
        }
        Ok(&self.own_files)
    }
}

impl Directory for UnionDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.directory_with_file(path)?.get_file_handle(path)
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        self.directory_with_file(path)?.open_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.own_files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.directory_with_file(path)?.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.own_files.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.own_files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.own_files.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.own_files.sync_directory()
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.own_files.watch(callback)
    }
}

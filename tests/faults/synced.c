/* Keeps what a power cut would leave: preloaded, it copies a file at each fsync into FAULTS_SHADOW.

   FAULTS_SHADOW/file-INODE is the content at the last sync of a file, FAULTS_SHADOW/folder-INODE the names and inodes
   at the last sync of a folder, one "INODE NAME" a line. Only what is below FAULTS_ROOT is kept. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int below_root(int file) {
    char link[64], path[PATH_MAX];
    const char *root = getenv("FAULTS_ROOT");
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!root || !getenv("FAULTS_SHADOW") || length < 0) return 0;
    path[length] = 0;
    return strncmp(path, root, strlen(root)) == 0;
}

static void keep_folder(int file, FILE *out) {
    int again = openat(file, ".", O_RDONLY | O_DIRECTORY);
    DIR *folder = again < 0 ? NULL : fdopendir(again);
    struct dirent *entry;
    while (folder && (entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            fprintf(out, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
    if (folder) closedir(folder);
}

static void keep_file(int file, FILE *out) {
    char block[65536];
    off_t at = 0;
    ssize_t got;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    int again = open(link, O_RDONLY);
    while (again >= 0 && (got = pread(again, block, sizeof block, at)) > 0) {
        fwrite(block, 1, got, out);
        at += got;
    }
    if (again >= 0) close(again);
}

/* A file that stays open keeps its inode, which no later file can then get. */
static void hold(int file, unsigned long inode) {
    static unsigned long held[4096];
    static int count;
    for (int at = 0; at < count; at++)
        if (held[at] == inode) return;
    if (count < 4096 && dup(file) >= 0) held[count++] = inode;
}

static void keep(int file) {
    struct stat about;
    char draft[PATH_MAX], kept[PATH_MAX];
    if (fstat(file, &about) || !below_root(file)) return;
    const char *kind = S_ISDIR(about.st_mode) ? "folder" : "file", *shadow = getenv("FAULTS_SHADOW");
    snprintf(kept, sizeof kept, "%s/%s-%lu", shadow, kind, (unsigned long)about.st_ino);
    snprintf(draft, sizeof draft, "%s/draft-%d-%lu", shadow, getpid(), (unsigned long)about.st_ino);
    FILE *out = fopen(draft, "wb");
    if (!out) return;
    if (S_ISDIR(about.st_mode)) keep_folder(file, out); else keep_file(file, out);
    fclose(out);
    hold(file, (unsigned long)about.st_ino);
    rename(draft, kept);
}

int fsync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int done = real(file);
    if (!done) keep(file);
    return done;
}

int fdatasync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int done = real(file);
    if (!done) keep(file);
    return done;
}

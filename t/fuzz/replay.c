/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target once for each file named, and for each file in a directory
 * named, in place of libFuzzer's main. Prints their number; none is a failure.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static int die(const char *path)
{
    perror(path);
    exit(2);
}

static int run_file(const char *path, size_t size)
{
    unsigned char *data = malloc(size ? size : 1);
    FILE *file = fopen(path, "rb");

    if (!data || !file || fread(data, 1, size, file) != size)
        die(path);
    fclose(file);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 1;
}

static int run(const char *path)
{
    struct stat info;
    struct dirent *entry;
    char inner[4096];
    DIR *directory;
    int files = 0;

    if (stat(path, &info))
        die(path);
    if (!S_ISDIR(info.st_mode))
        return run_file(path, (size_t)info.st_size);
    directory = opendir(path);
    if (!directory)
        die(path);
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        files += run(inner);
    }
    closedir(directory);
    return files;
}

int main(int argc, char **argv)
{
    int i, files = 0;

    for (i = 1; i < argc; i++)
        files += run(argv[i]);
    printf("%d inputs\n", files);
    return files == 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A plugin in a file: the three constants that Wireshark looks at, by the symbols of an ELF file.
 * Any bytes may stand in it: everything is copied out of it with a look at its end.
 */
#define _GNU_SOURCE /* memmem */
#include "plugin_file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

enum { VERSION_MOST = 64 };

typedef struct {
    const guint8 *bytes;
    size_t size;
} Image;

/* Copies what stands at an offset; FALSE if not all of it is in the file. */
static gboolean copy(const Image *image, size_t offset, void *target, size_t length)
{
    if (offset > image->size || length > image->size - offset)
        return FALSE;
    memcpy(target, image->bytes + offset, length);
    return TRUE;
}

static gboolean copy_item(const Image *image, size_t table, size_t n, void *target, size_t length)
{
    return table <= image->size && n < image->size / length &&
           copy(image, table + n * length, target, length);
}

/* The offset of an address in memory; FALSE if the file has nothing for it. */
static gboolean find_address(const Image *image, const ElfW(Ehdr) * head, size_t address,
                             size_t *offset)
{
    ElfW(Phdr) part;

    for (unsigned i = 0; i < head->e_phnum; i++) {
        if (!copy_item(image, head->e_phoff, i, &part, sizeof part))
            return FALSE;
        if (part.p_type == PT_LOAD && address >= part.p_vaddr &&
            address - part.p_vaddr < part.p_filesz) {
            *offset = part.p_offset + (address - part.p_vaddr);
            return *offset < image->size;
        }
    }
    return FALSE;
}

static gboolean has_name(const Image *image, const ElfW(Shdr) * strings, size_t at,
                         const char *name)
{
    char found[32];
    size_t length = strlen(name) + 1;

    return length <= sizeof found && copy(image, strings->sh_offset + at, found, length) &&
           memcmp(found, name, length) == 0;
}

/* The offset of what a symbol stands for. */
static gboolean find_symbol(const Image *image, const ElfW(Ehdr) * head, const char *name,
                            size_t *offset)
{
    ElfW(Shdr) section;
    ElfW(Shdr) strings;
    ElfW(Sym) symbol;

    for (unsigned i = 0; i < head->e_shnum; i++) {
        if (!copy_item(image, head->e_shoff, i, &section, sizeof section))
            return FALSE;
        if (section.sh_type != SHT_DYNSYM ||
            !copy_item(image, head->e_shoff, section.sh_link, &strings, sizeof strings))
            continue;
        for (size_t n = 0; n < section.sh_size / sizeof symbol; n++) {
            if (!copy_item(image, section.sh_offset, n, &symbol, sizeof symbol))
                return FALSE;
            if (symbol.st_shndx != SHN_UNDEF && has_name(image, &strings, symbol.st_name, name))
                return find_address(image, head, symbol.st_value, offset);
        }
    }
    return FALSE;
}

static gboolean read_number(const Image *image, const ElfW(Ehdr) * head, const char *name,
                            int *number)
{
    size_t offset;

    return find_symbol(image, head, name, &offset) && copy(image, offset, number, sizeof *number);
}

static char *read_version(const Image *image, const ElfW(Ehdr) * head)
{
    size_t offset;

    if (!find_symbol(image, head, "plugin_version", &offset))
        return NULL;
    size_t most = MIN((size_t)VERSION_MOST, image->size - offset);
    char *version = g_strndup((const char *)image->bytes + offset, most);
    if (!g_str_is_ascii(version))
        g_clear_pointer(&version, g_free);
    return version;
}

static void read_image(CliPluginFile *file, const Image *image)
{
    static const char field[] = "sipwhy.code";
    ElfW(Ehdr) head;
    const guint8 class = sizeof head.e_entry == 8 ? ELFCLASS64 : ELFCLASS32;
    const guint8 order = G_BYTE_ORDER == G_LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;

    file->is_ours = memmem(image->bytes, image->size, field, sizeof field) != NULL;
    if (!copy(image, 0, &head, sizeof head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != class || head.e_ident[EI_DATA] != order)
        return;
    file->version = read_version(image, &head);
    file->is_whole = file->version &&
                     read_number(image, &head, "plugin_want_major", &file->major) &&
                     read_number(image, &head, "plugin_want_minor", &file->minor);
}

CliPluginFile *cli_plugin_file_read(const char *path)
{
    CliPluginFile *file = g_new0(CliPluginFile, 1);
    GError *error = NULL;

    file->path = g_strdup(path);
    if (g_access(path, R_OK) != 0) {
        file->trouble = g_strdup(g_strerror(errno));
        return file;
    }
    GMappedFile *mapped = g_mapped_file_new(path, FALSE, &error);
    if (!mapped) {
        file->trouble = g_strdup(error->message);
        g_error_free(error);
        return file;
    }
    const char *bytes = g_mapped_file_get_contents(mapped);
    Image image = {(const guint8 *)bytes, bytes ? g_mapped_file_get_length(mapped) : 0};
    if (bytes)
        read_image(file, &image);
    g_mapped_file_unref(mapped);
    return file;
}

void cli_plugin_file_free(CliPluginFile *file)
{
    g_free(file->path);
    g_free(file->trouble);
    g_free(file->version);
    g_free(file);
}

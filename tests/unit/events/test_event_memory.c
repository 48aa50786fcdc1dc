/* SPDX-License-Identifier: MIT */
/*
 * test_event_memory.c - if memory runs out while events are taken out of their envelopes, no jansson tree is leaked.
 *
 * The room left in an arena when reading begins is made smaller and smaller, so that it runs out at every allocation.
 * Functions of this test count what jansson has allocated.
 */
#include "events/event.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <glib.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 4096 };
static bool fails;
static int held; /* pieces of memory that jansson has */

/* Replaces GLib's function, which arenas call while memory errors can be handled. */
gpointer g_try_malloc(gsize n)
{
    return fails ? NULL : malloc(n);
}

static void *count_malloc(size_t n)
{
    held++;
    return malloc(n);
}

static void count_free(void *p)
{
    held -= p != NULL;
    free(p);
}

static void free_list(void *list)
{
    event_list_free(list);
}

/* True if there was enough memory. */
static bool read_with_room(const struct json_library *json, const struct event_map *maps, size_t room)
{
    static const char text[] =
        "{\"Type\": \"Notification\", \"MessageId\": \"1\", \"TopicArn\": \"arn:x\", \"Message\": "
        "\"{\\\"notificationType\\\": \\\"Bounce\\\", \\\"mail\\\": {}}\"}";
    struct arena_exit way = {.open = true};
    struct arena arena;
    struct json_wrong wrong;
    arena_init_small(&arena, BLOCK_BYTES);
    arena_alloc(&arena, BLOCK_BYTES - room);
    arena.exit = &way;
    struct event_list list = {.json = json, .maps = maps, .arena = &arena, .mends = true};
    volatile bool enough = false;
    fails = true;
    if (!setjmp(way.place)) {
        arena_exit_hold(&way, &list, free_list);
        event_list_read(&list, span_z(text), &wrong);
        arena_exit_let_go(&way);
        cr_expect_eq(list.count, 1);
        cr_expect_eq(list.tree_count, 2);
        event_list_free(&list);
        enough = true;
    }
    fails = false;
    arena_free(&arena);
    return enough;
}

Test(event_memory, no_tree_is_lost)
{
    void *library = dlopen("libjansson.so.4", RTLD_NOW);
    if (!library)
        cr_skip_test("libjansson.so.4 is not installed");
    void *found = dlsym(library, "json_set_alloc_funcs");
    void (*set)(void *(*)(size_t), void (*)(void *));
    memcpy(&set, &found, sizeof set);
    struct arena of_maps;
    arena_init(&of_maps);
    struct json_library *json = json_library_load();
    const struct event_map *maps = maps_builtin(&of_maps);
    set(count_malloc, count_free);
    size_t room = 16;
    for (; !read_with_room(json, maps, room) && room < BLOCK_BYTES; room += ARENA_ALIGNMENT)
        cr_expect_eq(held, 0, "%zu bytes: jansson has %d pieces of memory", room, held);
    cr_expect_gt(room, 500);
    cr_expect_lt(room, BLOCK_BYTES);
    cr_expect_eq(held, 0);
    json_library_free(json);
    arena_free(&of_maps);
    dlclose(library);
}

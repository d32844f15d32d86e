// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib.h>

#include "pr-model.h"

static const struct {
    const char *product_type;
    const char *name;
    const char *family;
    const char *buttons;
} models[] = {
    { "iPhone4,1", "iPhone 4s", "home", "home" },
    { "iPhone3,2", "iPhone 4", "home", "home" },
    { "iPhone8,4", "iPhone SE (1st gen)", "home", "home" },
    { "iPhone9,3", "iPhone 7", "home", "volume-down" },
    { "iPhone10,1", "iPhone 8", "home", "side" },
    { "iPhone10,3", "iPhone X", "notch", "side" },
    { "iPhone12,8", "iPhone SE (2nd gen)", "home", "side" },
    { "iPhone14,6", "iPhone SE (3rd gen)", "home", "side" },
    { "iPhone14,7", "iPhone 14", "notch", "side" },
    { "iPhone15,2", "iPhone 14 Pro", "island", "side" },
    { "iPhone17,5", "iPhone 16e", "notch", "side" },
    { "iPhone18,4", "iPhone Air", "island", "side" },
    { "iPhone99,1", NULL, "island", "side" },
    { "iPod9,1", "iPod Touch (7th gen)", "home", "volume-down" },
    { "iPad3,1", "iPad (3rd gen)", "tablet-home", "home" },
    { "iPad8,6", "iPad Pro 12.9-inch (3rd gen)", "tablet", "top" },
    { "iPad12,1", "iPad (9th gen)", "tablet-home", "home" },
    { "iPad13,18", "iPad (10th gen)", "tablet", "top" },
    { "iPad16,2", "iPad mini (A17 Pro)", "tablet", "top" },
    { "iPad17,3", "iPad Pro 13-inch (M5)", "tablet", "top" },
    { "iPad99,4", NULL, "tablet", "top" },
    { "AppleTV6,2", "Apple TV 4K", NULL, NULL },
    { NULL, NULL, NULL, NULL },
    { "", NULL, NULL, NULL },
    { "iPhone", NULL, NULL, NULL },
    { "iPhone14", NULL, NULL, NULL },
    { "iPhone14,7,1", NULL, NULL, NULL },
    { "iPhone99999999999999999999,1", NULL, NULL, NULL },
    { "iPhone-1,1", NULL, NULL, NULL },
    { "iPhone0,1", NULL, NULL, NULL },
    { "[iPhone14,7]", NULL, NULL, NULL },
};

static void
test_models (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (models); i++) {
        g_test_message ("%s", models[i].product_type != NULL ? models[i].product_type : "NULL");
        g_assert_cmpstr (pr_model_get_name (models[i].product_type), ==, models[i].name);
        g_assert_cmpstr (pr_model_get_family (models[i].product_type), ==, models[i].family);
        g_assert_cmpstr (pr_model_get_buttons (models[i].product_type), ==, models[i].buttons);
    }
}

static const struct {
    guint chip_id, board_id;
    const char *product_type;
    const char *board;
} boards[] = {
    { 0x8110, 0x18, "iPhone14,7", "d27ap" },
    { 0x8000, 0x04, "iPhone8,1", "n71ap" },
    { 0x8003, 0x04, "iPhone8,1", "n71map" },
    { 0x8130, 0x0a, "iPad16,2", "j411ap" },
    { 0x8110, 0xff, NULL, NULL },
    { 0, 0, NULL, NULL },
};

static void
test_boards (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (boards); i++) {
        g_assert_cmpstr (pr_model_get_product_type (boards[i].chip_id, boards[i].board_id), ==, boards[i].product_type);
        g_assert_cmpstr (pr_model_get_board (boards[i].chip_id, boards[i].board_id), ==, boards[i].board);
    }
}

static gpointer
look_up (gpointer data)
{
    return (gpointer) pr_model_get_name ("iPhone14,7");
}

/* The first look-ups of several threads at once see one table, and the same string. */
static void
test_threads (void)
{
    GThread *threads[8];
    const char *name = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("look-up", look_up, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++) {
        const char *found = g_thread_join (threads[i]);

        g_assert_true (name == NULL || name == found);
        name = found;
    }
    g_assert_cmpstr (name, ==, "iPhone 14");
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/model/threads", test_threads);
    g_test_add_func ("/model/models", test_models);
    g_test_add_func ("/model/boards", test_boards);
    return g_test_run ();
}

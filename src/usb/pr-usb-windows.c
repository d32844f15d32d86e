// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-usb-windows.h"

#include <string.h>

#define NOKIA 0x0421
#define MICROSOFT 0x045e
#define LONGEST_NAME 40 /* bytes */

/* source: WPinternals, its list of USB ids: 0661, 06fc and 0a00 while the phone runs, 0660, 0713 and 0a01 in its label
 * mode, 066e, 0714 and 0a02 in its boot and flash modes
 * source: libmtp, music-players.h: 0661 and 06fc are shared by many Lumias; 045e:04ec is Windows Phone 7, of the Lumia
 * 800 and the HTC Mozart
 * A Lumia without any start shows as a chip of Qualcomm's, as phones of other makers do: that is claimed for nobody. No
 * source gives the ids of the Windows Phones 8 of HTC, Samsung and Huawei. */
static const struct {
    guint vendor, product;
    const char *name;
} products[] = {
    { NOKIA, 0x0660, "Lumia" },     { NOKIA, 0x0661, "Lumia" },
    { NOKIA, 0x066e, "Lumia" },     { NOKIA, 0x06fc, "Lumia" },
    { NOKIA, 0x0713, "Lumia" },     { NOKIA, 0x0714, "Lumia" },
    { MICROSOFT, 0x0a00, "Lumia" }, { MICROSOFT, 0x0a01, "Lumia" },
    { MICROSOFT, 0x0a02, "Lumia" }, { MICROSOFT, 0x04ec, "Windows Phone 7" },
};

static const char *
find_name (guint vendor, guint product)
{
    for (gsize i = 0; i < G_N_ELEMENTS (products); i++)
        if (products[i].vendor == vendor && products[i].product == product)
            return products[i].name;
    return NULL;
}

static gboolean
is_plain (const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!g_ascii_isalnum (*at) && strchr (" .-+", *at) == NULL)
            return FALSE;
    return TRUE;
}

/* "Lumia 920" of "Nokia Lumia 920". [assumed]: that a started Lumia writes its name there; where it does not, it is
 * called by its ids. */
static char *
read_own_name (const char *name)
{
    g_autofree char *product = pr_usb_read_attribute (name, "product");
    const char *found = product != NULL ? strstr (product, "Lumia ") : NULL;

    if (found == NULL || strlen (found) > LONGEST_NAME || !is_plain (found))
        return NULL;
    return g_strdup (found);
}

char *
pr_usb_windows_read (const char *name)
{
    guint vendor, product;
    const char *known;
    char *own;

    if (!pr_usb_is_port (name) || !pr_usb_read_number (name, "idVendor", 16, &vendor) ||
        !pr_usb_read_number (name, "idProduct", 16, &product))
        return NULL;
    known = find_name (vendor, product);
    own = known != NULL ? read_own_name (name) : NULL;
    return own != NULL ? own : g_strdup (known);
}

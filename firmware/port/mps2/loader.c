/* SPDX-License-Identifier: Apache-2.0
 *
 * loader.c - the bootloader of the Cortex-M4F board
 *
 * boot/ decides; here the image is copied from its slot to where it is linked
 * and started, under a running watchdog: one that does nothing at all is ended
 * as well.
 */
#include <string.h>

#include "board.h"
#include "boot.h"
#include "flash-map.h"
#include "mps2.h"
#include "semihost.h"

enum
{
  IMAGE_AT = 0x20000, /* of node.ld */
  RAM_AT = 0x20000000,
  RAM_SIZE = 512 * 1024,
};

static hal board;

static void
tell (const boot_choice *choice)
{
  board_print ("boot: slot ");
  board_print_number (choice->slot);
  board_print (", ");
  board_print (choice->manifest.version);
  board_print (choice->trial ? ", on trial\n" : "\n");
}

/* Vectors as a program's are: a stack in RAM, a start within the image. */
static bool
plausible (uint32_t size)
{
  const volatile uint32_t *vectors = (const volatile uint32_t *) IMAGE_AT;
  uint32_t                 stack = vectors[0], start = vectors[1];

  return size > 8 && stack > RAM_AT && stack <= RAM_AT + RAM_SIZE &&
         stack % 8 == 0 && start % 2 == 1 && start > IMAGE_AT &&
         start < IMAGE_AT + size;
}

/* Nothing that is good: whoever services the board finds it waiting here. */
static _Noreturn void
give_up (const char *why)
{
  board_print ("boot: ");
  board_print (why);
  board_print ("\n");
  semihost_exit (BOARD_EXIT_UNFIT);
}

int
main (void)
{
  static uint8_t page[FACTORY_PAGE_SIZE];
  static char    text[FACTORY_TEXT_SIZE];
  static factory made;
  boot_identity  id;
  boot_choice    choice;
  const char    *why;

  board.code = (nor_flash){ .cells = (uint8_t *) MPS2_PSRAM + BOARD_PSRAM_CODE,
                            .size = CODE_SIZE };
  nor_flash_read (&board.code, CODE_FACTORY, page, sizeof page);
  why = factory_read (&made, page, text);
  if (why != NULL)
    give_up (why);

  id = (boot_identity){ made.node.vendor, made.node.node_class,
                        made.node.vendor_key };
  choice = boot_decide (&board, &id);
  if (choice.slot == BOOT_SLOT_NONE)
    give_up ("no slot holds a good image");
  tell (&choice);

  hal_watchdog_kick (&board);
  nor_flash_read (&board.code, boot_image_at (choice.slot), (void *) IMAGE_AT,
                  choice.manifest.size);
  if (!plausible (choice.manifest.size))
    {
      board_print ("boot: that is no program\n");
      start_reset (START_RESET); /* this start was counted */
    }
  start_run (IMAGE_AT);
}

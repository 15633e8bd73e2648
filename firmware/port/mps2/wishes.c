/* SPDX-License-Identifier: Apache-2.0
 *
 * wishes.c - the emulator's command line, word by word
 */
#include <string.h>

#include "board.h"
#include "semihost.h"

enum
{
  LINE_SIZE = 256,
};

static bool
read_number (const char **at, uint32_t most, uint32_t *out)
{
  uint64_t value = 0;

  if (**at < '0' || **at > '9')
    return false;
  for (; **at >= '0' && **at <= '9'; (*at)++)
    {
      value = value * 10 + (uint32_t) (**at - '0');
      if (value > most)
        return false;
    }
  *out = (uint32_t) value;
  return true;
}

static bool
read_broker (const char *at, board_wishes *w)
{
  uint32_t number;

  for (unsigned i = 0; i < 4; i++)
    {
      if (!read_number (&at, 255, &number) || *at++ != (i < 3 ? '.' : ':'))
        return false;
      w->broker[i] = (uint8_t) number;
    }
  if (!read_number (&at, 65535, &number) || *at != '\0')
    return false;
  w->broker_port = (uint16_t) number;
  w->broker_set = true;
  return true;
}

static bool
read_word (const char *word, board_wishes *w)
{
  static const char broker[] = "broker=", stop[] = "stop=";
  uint32_t          seconds;

  if (strcmp (word, "clock=stepped") == 0)
    w->stepped = true;
  else if (strcmp (word, "clock=warp") == 0)
    w->warp = true;
  else if (strcmp (word, "net=none") == 0)
    w->no_net = true;
  else if (strcmp (word, "rtc=none") == 0)
    w->no_rtc = true;
  else if (strcmp (word, "fault=exit") == 0)
    w->quit = true;
  else if (strncmp (word, broker, sizeof broker - 1) == 0)
    return read_broker (word + sizeof broker - 1, w);
  else if (strncmp (word, stop, sizeof stop - 1) == 0)
    {
      word += sizeof stop - 1;
      if (!read_number (&word, 1000000000, &seconds) || *word != '\0')
        return false;
      w->stop_us = (uint64_t) seconds * 1000000;
    }
  else
    return false;
  return true;
}

const char *
board_read_wishes (board_wishes *w)
{
  static char line[LINE_SIZE] __attribute__ ((section (".simbss")));
  char       *word, *rest;

  memset (w, 0, sizeof *w);
  if (!semihost_command_line (line, sizeof line))
    return NULL;

  /* The first word is the image's name. */
  strtok_r (line, " ", &rest);
  while ((word = strtok_r (NULL, " ", &rest)) != NULL)
    if (!read_word (word, w))
      return word;
  return NULL;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * hal.h - the one door between the node and its board
 *
 * Everything above this header is the same source on every board. A port is
 * one folder that defines these functions and struct hal. No call blocks
 * longer than it says, none allocates, none is called from an interrupt. Each
 * takes the board it speaks to, because the host port runs many in a process.
 */
#ifndef HAL_H
#define HAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hal hal;

/* Results shared by every HAL call; failures are negative. */
typedef enum
{
  HAL_OK = 0,
  HAL_ERR_IO = -1,       /* the device did not answer or answered garbage */
  HAL_ERR_TIMEOUT = -2,  /* nothing arrived within the time allowed */
  HAL_ERR_OVERRUN = -3,  /* samples were lost since the previous call */
  HAL_ERR_ARGUMENT = -4, /* no such device, or outside its range */
  HAL_ERR_CLOSED = -5,   /* the connection is gone */
} hal_status;

/* Time. */

/* Microseconds since this boot; never goes back. */
uint64_t hal_time_us (hal *h);

/* UTC from the battery-backed clock, microseconds since 1970. False when the
 * board has none or it lost power: @utc_us is then untouched. */
bool hal_rtc_read (hal *h, int64_t *utc_us);

/* Set the battery-backed clock; HAL_ERR_ARGUMENT where there is none. */
hal_status hal_rtc_write (hal *h, int64_t utc_us);

/* Sensors. */

/* Chip selects of the reference board. */
enum
{
  HAL_SPI_ACCEL_0 = 0, /* drive-end accelerometer */
  HAL_SPI_ACCEL_1 = 1, /* non-drive-end accelerometer */
  HAL_SPI_RTD_0 = 2,   /* drive-end bearing temperature */
  HAL_SPI_RTD_1 = 3,   /* non-drive-end bearing temperature */
  HAL_SPI_RTD_2 = 4,   /* ambient temperature */
  HAL_SPI_RTD_3 = 5,   /* cooler outlet temperature */
  HAL_SPI_ACCEL_2 = 6, /* drive-end accelerometer of wide band, an option */
  HAL_SPI_COUNT = 7,
};

/* One full-duplex transfer of @n bytes with the chip select held low.
 * HAL_ERR_ARGUMENT: nothing is fitted at @device. */
hal_status hal_spi_transfer (hal           *h,
                             unsigned       device,
                             const uint8_t *tx,
                             uint8_t       *rx,
                             size_t         n);

/* The line by which @device says that its FIFO is at its watermark: from now
 * on the board calls @serve when it rises, and again while it stays up, from
 * its interrupt if it likes. @serve makes at most five hal_spi_transfer to
 * @device, of 512 bytes each, reads hal_time_us, touches only what is behind
 * @context, and returns. NULL ends it. HAL_ERR_ARGUMENT: the board has no such
 * line; the node polls, every 4 ms. */
typedef void (*hal_line_func) (void *context);
hal_status hal_line_attach (hal          *h,
                            unsigned      device,
                            hal_line_func serve,
                            void         *context);

enum
{
  HAL_ADC_CURRENT = 0, /* motor current sensor */
  HAL_ADC_RATE_HZ = 2000,
  HAL_ADC_BITS = 12,
};

/* The newest @n (at most 256) conversions of @channel, oldest first, taken by
 * DMA at HAL_ADC_RATE_HZ; full scale is the supply voltage. */
hal_status hal_adc_read (hal *h, unsigned channel, uint16_t *codes, size_t n);

/* Timer capture of the shaft's key-phasor, one pulse a turn: the count and the
 * newest edges, so that single missing or doubled pulses can be told apart. */
enum
{
  HAL_TACHO_EDGES = 8,
};

typedef struct
{
  uint32_t pulses; /* since boot, wraps */
  uint32_t n;      /* edges below; fewer after boot or at a standstill */
  uint64_t edge_us[HAL_TACHO_EDGES]; /* hal_time_us, oldest first */
} hal_tacho;

/* HAL_ERR_ARGUMENT: no key-phasor is fitted. */
hal_status hal_tacho_read (hal *h, hal_tacho *out);

/* The indicator on the enclosure. */
void hal_led_set (hal *h, bool on);

/* Flash: NOR rules.
 * Erased bytes read 0xFF; a sector is erased whole; a word is programmed once
 * between erases. Offsets are from the start of the node's data flash. */
enum
{
  HAL_FLASH_SECTOR = 4096,
  HAL_FLASH_WORD = 8,
};

/* Bytes of data flash, a multiple of HAL_FLASH_SECTOR. */
uint32_t hal_flash_size (hal *h);

hal_status hal_flash_read (hal *h, uint32_t at, void *out, size_t n);

/* @at and @n are multiples of HAL_FLASH_WORD. Programming a word that is not
 * erased fails with HAL_ERR_IO and changes nothing from that word on. */
hal_status hal_flash_program (hal *h, uint32_t at, const void *data, size_t n);

/* Erase the sector that starts at @at. */
hal_status hal_flash_erase (hal *h, uint32_t at);

/* Code flash: where programs live, divided up in flash-map.h. Sectors, words
 * and rules are those of data flash; offsets are from the start of the part
 * that flash-map.h describes. A board whose program does not come from there
 * has none: its size is 0, and every other call fails with HAL_ERR_ARGUMENT. */
uint32_t   hal_code_size (hal *h);
hal_status hal_code_read (hal *h, uint32_t at, void *out, size_t n);
hal_status hal_code_program (hal *h, uint32_t at, const void *data, size_t n);
hal_status hal_code_erase (hal *h, uint32_t at);

/* Network: one byte stream to the broker. Where the board is told to use TLS
 * it is open when the broker has proved who it is; a broker that cannot is
 * closed, and hal_net_reason says why. */

typedef enum
{
  HAL_NET_CLOSED,
  HAL_NET_OPENING,
  HAL_NET_OPEN,
} hal_net_state;

/* Begin to connect to the configured broker; returns at once. */
hal_status hal_net_open (hal *h);

hal_net_state hal_net_poll (hal *h);

/* Bytes taken (0: none fit now) or a negative hal_status. */
int32_t hal_net_send (hal *h, const uint8_t *data, size_t n);

/* Bytes read (0: none waiting) or a negative hal_status. */
int32_t hal_net_recv (hal *h, uint8_t *out, size_t n);

/* Close without a farewell. */
void hal_net_close (hal *h);

/* Why the stream did not open or was closed, to follow "broker: ", such as
 * "its certificate has expired"; NULL: the board cannot tell. The text lives
 * as long as the program. */
const char *hal_net_reason (hal *h);

void hal_sha256 (const uint8_t *data, size_t n, uint8_t out[32]);

void hal_hmac_sha256 (const uint8_t *key,
                      size_t         key_n,
                      const uint8_t *data,
                      size_t         n,
                      uint8_t        out[32]);

/* RFC 8032: the public key that belongs to the 32-byte @seed. */
hal_status hal_ed25519_public (const uint8_t seed[32], uint8_t key[32]);

hal_status hal_ed25519_sign (const uint8_t  seed[32],
                             const uint8_t *data,
                             size_t         n,
                             uint8_t        signature[64]);

/* HAL_OK: the signature is @key's; HAL_ERR_ARGUMENT: it is not. */
hal_status hal_ed25519_verify (const uint8_t  key[32],
                               const uint8_t *data,
                               size_t         n,
                               const uint8_t  signature[64]);

/* Random bytes fit for keys. */
hal_status hal_random (hal *h, uint8_t *out, size_t n);

/* Restart the node as soon as the step in progress has returned. */
void hal_reset (hal *h);

/* Tell the watchdog that the node is alive. The first call starts it; from
 * then on a board whose node has not called for HAL_WATCHDOG_S restarts by
 * itself, with boot reason "watchdog". node_step() calls it, nobody else. */
enum
{
  HAL_WATCHDOG_S = 8,
};
void hal_watchdog_kick (hal *h);

/* The output in the stop circuit of the machine: @closed lets it run, open
 * stops it. The relay latches: it stays as it was set over resets and without
 * power, and is closed when the board leaves the factory. Takes at most 1 ms;
 * does nothing where none is fitted. */
void hal_relay_set (hal *h, bool closed);

/* Why this boot happened: "power", "reset", "watchdog", "command". */
const char *hal_boot_reason (hal *h);

/* The first @n (4 to 32) bytes of a hash of the running program: of the image
 * in its slot, where it was booted from one. */
void hal_build (hal *h, uint8_t *out, size_t n);

typedef enum
{
  HAL_LOG_ERROR,
  HAL_LOG_WARNING,
  HAL_LOG_INFO,
} hal_log_level;

/* One line of text for whoever services the board. */
void hal_log (hal *h, hal_log_level level, const char *text);

#endif

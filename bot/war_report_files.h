#ifndef DAY21_WAR_REPORT_FILES_H
#define DAY21_WAR_REPORT_FILES_H

/* The pictures of war reports: files of <reports>/<account>, which nginx serves to whoever knows
 * the name, and nobody can guess one. */

#include "bot/war_report.h"
#include "config/limits.h"
#include "store/report.h"

#include <stdint.h>

/* A new name for the picture of the period that day `last` ends: "week-2026-47-….png". Names of one
 * kind sort by time. Returns 0, or -1: no randomness to be had. */
int war_report_files_name(enum war_report_period period, int64_t last,
                          char name[STORE_REPORT_PICTURE]);

/* Writes the picture, readable for the web server, and removes those of its kind that are older
 * than the last LIMIT_REPORT_PICTURES. Not for a loop that others wait for. Returns 0, or -1 with
 * errno. */
int war_report_files_save(const char *reports, const char *account, const char *name,
                          const struct picture_png *png);

/* Removes one. */
void war_report_files_remove(const char *reports, const char *account, const char *name);

#endif

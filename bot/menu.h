#ifndef DAY21_MENU_H
#define DAY21_MENU_H

/* <pack>/menu.yaml: the account's menu. Rules: WeChat «自定义菜单»: 1 to 3 buttons, 1 to 5 below
 * each, names up to 16 and 60 bytes, keys up to 128, URLs up to 1024. */

#include "bot/yaml.h"

struct menu;

/* The file is a list `menu` of buttons. A button has a name and one of: `key`, one of `commands`
 * (NULL-terminated), sent when it is tapped; `url`, a page it opens, in which {public_url} and
 * {account} are replaced; `buttons`, those below it. Returns 0 or -1 with *problem. */
int menu_load(void *ctx, const char *directory, const char *const commands[],
              const char *public_url, const char *account, struct menu **menu,
              struct yaml_problem *problem);

/* The body of menu/create, raw UTF-8; lives as long as the menu. */
const char *menu_json(const struct menu *menu);

#endif

#ifndef DAY21_LIMITS_H
#define DAY21_LIMITS_H

/* Every cap on what comes from outside, in one place. Sizes in bytes, times in milliseconds unless
 * the name says otherwise. A number that WeChat dictates names its rule. */

/* FastCGI, from nginx */
#define LIMIT_FCGI_PARAMS      (16 * 1024) /* all params of one request, encoded */
#define LIMIT_FCGI_BODY        (64 * 1024) /* STDIN of one request */
#define LIMIT_FCGI_CONNECTIONS 4096        /* open at once; one more is closed at once */
#define LIMIT_FCGI_GATHER_MS   10000       /* from BEGIN_REQUEST to the end of STDIN */
#define LIMIT_FCGI_STOP_MS     6000        /* an orderly stop waits this long for answers in hand */

/* Callbacks, from WeChat */
#define LIMIT_XML              LIMIT_FCGI_BODY /* of a message, sealed or opened */
#define LIMIT_XML_DEPTH        8
#define LIMIT_XML_NODES        512 /* elements, or values of a body in JSON */
#define LIMIT_MESSAGE_LIST     25  /* items of a list in a message: an account has 25 templates */
#define LIMIT_QUERY            2048
#define LIMIT_TIMESTAMP_WINDOW 600  /* seconds a signature is good for, by default */
#define LIMIT_OPENID           64   /* WeChat's are 28 characters */
#define LIMIT_REPLY_TEXT       2048 /* a passive text reply; longer shows WeChat's failure notice */
#define LIMIT_REPLY_ARTICLES   8    /* news after an event; 1 after a message (2018-10-12) */
#define LIMIT_TURN_DEADLINE_MS 4500 /* WeChat cuts the socket at 5 s */

/* WeChat API, outgoing */
#define LIMIT_HTTP_CONNECT_MS  3000
#define LIMIT_HTTP_TOTAL_MS    5000
#define LIMIT_HTTP_REPLY       (1024 * 1024)
#define LIMIT_HTTP_HEADERS     (64 * 1024) /* all header lines of a reply */
#define LIMIT_HTTP_CONNECTIONS 256         /* kept, over all hosts; as many as work.concurrency */
#define LIMIT_HTTP_FALLBACK_MS 300000      /* a domain that failed is left alone for so long */
#define LIMIT_HTTP_MEDIA_MS    60000       /* instead of LIMIT_HTTP_TOTAL_MS, where files travel */
#define LIMIT_HTTP_IDLE_S      30          /* a connection unused for longer is not used again */
#define LIMIT_ACCESS_TOKEN     1024        /* "at least 512 characters of storage" */
#define LIMIT_API_BUSY_RETRIES 5
#define LIMIT_TOKEN_RIGHT_MS   8000  /* one process fetches the token: over LIMIT_HTTP_TOTAL_MS */
#define LIMIT_TOKEN_WAIT_MS    10000 /* the others wait for it: over LIMIT_TOKEN_RIGHT_MS */
#define LIMIT_MEDIA            (12 * 1024 * 1024) /* of a file: WeChat takes videos of 10 MB */

/* Redis */
#define LIMIT_STORE_CALL_MS    3000  /* a call without an answer by then has failed */
#define LIMIT_STORE_IN_FLIGHT  10000 /* calls waiting for Redis; one more fails at once */
#define LIMIT_STORE_BACKOFF_MS 2000  /* the longest pause between two attempts to connect */
#define LIMIT_STORE_TOLD       10    /* lines a minute about Redis coming and going */

/* The log */
#define LIMIT_LOG_SHARE 10 /* lines a minute of a kind that may come by the hundred */

/* Files an operator writes */
#define LIMIT_YAML       (1024 * 1024)
#define LIMIT_YAML_DEPTH 16 /* lists and mappings within each other */
#define LIMIT_ACCOUNTS   1000
#define LIMIT_KEYWORDS   2000 /* per pack */
#define LIMIT_COPY_TEXT  LIMIT_REPLY_TEXT

/* Rosters, from HR */
#define LIMIT_ROSTER_FILE   (64 * 1024 * 1024)
#define LIMIT_ROSTER_ROWS   500000
#define LIMIT_ROSTER_CELL   1000 /* as UTF-8 */
#define LIMIT_ROSTER_NUMBER 32   /* an employee number, folded or not */
#define LIMIT_ROSTER_NAME   60   /* less than STORE_NAME */
#define LIMIT_ROSTER_DROP   5    /* per cent of the people that one import may drop, by default */
#define LIMIT_CSV_COLUMNS   64

/* The archive of the ledger */
#define LIMIT_ARCHIVE_RIGHT_MS 60000       /* one process archives an account: over any one step */
#define LIMIT_ARCHIVE_MARGIN_S 600         /* after midnight: Redis' clock may be behind ours */
#define LIMIT_ARCHIVE_PAGE     1000        /* lines: some milliseconds of Redis' time */
#define LIMIT_ARCHIVE_TRIM     10000       /* lines forgotten in one step, likewise */
#define LIMIT_ARCHIVE_LINE     (64 * 1024) /* of a file, uncompressed */
#define LIMIT_LEDGER_NUMBER    100000000   /* a learner number, or the id of a department or team */

/* What operators change by hand */
#define LIMIT_GRANT  1000000 /* points or coins at once */
#define LIMIT_REASON 200

/* Binding: who a learner is */
#define LIMIT_BIND_TRIES    5     /* wrong ones, of one learner or for one employee, within … */
#define LIMIT_BIND_WINDOW_S 3600  /* … so many seconds */
#define LIMIT_BIND_CODE_S   86400 /* a one-time code is good for */
#define LIMIT_DIALOGUE_S    600   /* a question stays open for */

/* Teams */
#define LIMIT_TEAMS      5000
#define LIMIT_TEAM_NAME  20   /* characters; at most STORE_TEAM_NAME bytes */
#define LIMIT_TEAM_LOOK  3000 /* members: of a larger team it is not counted who is absent */
#define LIMIT_TEAM_BEST  3    /* people whom a team shows */
#define LIMIT_TEAM_OFFER 6    /* open teams told to who looks for one */

/* Questions to mentors */
#define LIMIT_QUESTION      900 /* bytes of one, and of its answer; what is longer is cut */
#define LIMIT_QUESTION_LIST 5   /* shown of what one asked, or has to answer */
#define LIMIT_QUESTION_CLIP 40  /* characters of each question in a list, or above its answer */

/* Pictures to be shared */
#define LIMIT_PICTURE_SIDE 5000              /* pixels: 100 MB of canvas at most */
#define LIMIT_PICTURE_PNG  (2 * 1024 * 1024) /* WeChat takes images of 10 MB; a group is quicker */

/* War reports: rows of a list. All of them are some 4,300 pixels of picture. */
#define LIMIT_REPORT_PEOPLE 10
#define LIMIT_REPORT_GROUPS 5 /* teams, and departments */
#define LIMIT_REPORT_MOVERS 5

/* … on schedule */
#define LIMIT_REPORT_RIGHT_MS 20000 /* one process makes it: over gathering and drawing */
#define LIMIT_REPORT_TELL     200   /* learners looked at in one step when they are told: 5 ms */
#define LIMIT_REPORT_OUTBOX                                                                        \
    1000                         /* with so many messages waiting, telling waits: reminders        \
                                    come between */
#define LIMIT_REPORT_PICTURES 10 /* kept of days, of weeks and of months */

/* Contests */
#define LIMIT_CONTESTS     8   /* of an account that run or will: every award looks at each */
#define LIMIT_CONTEST_DAYS 366 /* of one */
#define LIMIT_CONTEST_BEST 100 /* members that count, with scoring by the best */
#define LIMIT_CONTEST_ONLY 200 /* departments or teams in a list */
#define LIMIT_CONTEST_LIST 100 /* shown by day21 contest list */
#define LIMIT_CONTEST_TELL 100 /* players looked at in one step when they are told a result */

#endif

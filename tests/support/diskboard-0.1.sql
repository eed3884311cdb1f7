-- The database of Diskboard 0.1 as its `manage.py migrate` made it, with a row of each kind.
BEGIN TRANSACTION;
CREATE TABLE "cache" (
    "cache_key" varchar(255) NOT NULL PRIMARY KEY,
    "value" text NOT NULL,
    "expires" datetime NOT NULL
);
CREATE TABLE "dashboard_preference" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "keystone_url" varchar(500) NOT NULL,
    "user_id" varchar(255) NOT NULL,
    "last_project" varchar(255) NOT NULL,
    CONSTRAINT "one_preference_a_person" UNIQUE ("keystone_url", "user_id")
);
INSERT INTO "dashboard_preference" VALUES(1,'http://keystone.test/v3','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','22222222222222222222222222222222@RegionTwo');
CREATE TABLE "dashboard_signinattempt" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "of" varchar(64) NOT NULL,
    "at" datetime NOT NULL
);
INSERT INTO "dashboard_signinattempt" VALUES(1,'0000000000000000000000000000000000000000000000000000000000000000','2026-11-27 00:15:04.289282');
CREATE TABLE "dashboard_submission" (
    "key" varchar(64) NOT NULL PRIMARY KEY,
    "user_id" varchar(255) NOT NULL,
    "outcome" text NULL CHECK ((JSON_VALID("outcome") OR "outcome" IS NULL)),
    "sent_at" datetime NOT NULL
);
INSERT INTO "dashboard_submission" VALUES('1111111111111111111111111111111111111111111111111111111111111111','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','"Snapshot \u201cx\u201d is being created."','2026-11-27 00:15:04.289640');
CREATE TABLE "django_content_type" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "app_label" varchar(100) NOT NULL,
    "model" varchar(100) NOT NULL
);
INSERT INTO "django_content_type" VALUES(1,'contenttypes','contenttype');
INSERT INTO "django_content_type" VALUES(2,'sessions','session');
INSERT INTO "django_content_type" VALUES(3,'dashboard','submission');
INSERT INTO "django_content_type" VALUES(4,'dashboard','preference');
INSERT INTO "django_content_type" VALUES(5,'dashboard','signinattempt');
CREATE TABLE "django_migrations" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "app" varchar(255) NOT NULL,
    "name" varchar(255) NOT NULL,
    "applied" datetime NOT NULL
);
INSERT INTO "django_migrations" VALUES(1,'contenttypes','0001_initial','2026-11-27 00:15:03.965382');
INSERT INTO "django_migrations" VALUES(2,'contenttypes','0002_remove_content_type_name','2026-11-27 00:15:03.968971');
INSERT INTO "django_migrations" VALUES(3,'dashboard','0001_initial','2026-11-27 00:15:03.971267');
INSERT INTO "django_migrations" VALUES(4,'dashboard','0002_sign_in_attempts','2026-11-27 00:15:03.972416');
INSERT INTO "django_migrations" VALUES(5,'dashboard','0003_cache_table','2026-11-27 00:15:03.974849');
INSERT INTO "django_migrations" VALUES(6,'sessions','0001_initial','2026-11-27 00:15:03.975915');
CREATE TABLE "django_session" (
    "session_key" varchar(40) NOT NULL PRIMARY KEY,
    "session_data" text NOT NULL,
    "expire_date" datetime NOT NULL
);
INSERT INTO "django_session" VALUES('abcdefghijklmnopqrstuvwxyz012345','gAAAAABn','2099-01-01 00:00:00');
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE INDEX "dashboard_submission_sent_at_06aa086d" ON "dashboard_submission" ("sent_at");
CREATE INDEX "dashboard_signinattempt_at_3934c39b" ON "dashboard_signinattempt" ("at");
CREATE INDEX "dashboard_s_of_d15c0b_idx" ON "dashboard_signinattempt" ("of", "at");
CREATE INDEX "cache_expires" ON "cache" ("expires");
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
COMMIT;

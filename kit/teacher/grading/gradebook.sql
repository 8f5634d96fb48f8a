-- The tables of a gradebook. Rows of "attempt" and "given" are never changed: what counts is the last one.
-- When a submission was graded (at), and what the LMS said: ids (JSON, pairs), when it was handed in, and whether late.
create table attempt (
  id integer primary key,
  at text not null,
  student text not null,
  file text not null,
  submission text not null,
  key text not null,
  versions text not null,
  isolation text not null,
  exercise text not null,
  marks text not null,
  notes text not null,
  ids text not null default '[]',
  handed_in text not null default '',
  late integer not null default 0
);
create index by_file on attempt (student, file);
-- What stands, one for a student and a part: an exercise, or a file that could not be graded ("?", folder and file).
create table standing (
  student text not null,
  part text not null,
  folder text not null,
  file text not null,
  attempt integer not null references attempt,
  primary key (student, part)
);
-- Points that a person gave for an answer (a hash). Null takes them back.
create table given (
  id integer primary key,
  at text not null,
  student text not null,
  exercise text not null,
  question text not null,
  answer text not null,
  points real,
  level text not null,
  comment text not null
);
-- Students whose pages are older than what stands for them.
create table stale (id integer primary key, student text not null);
create table setting (name text primary key, value text not null);

-- The tables of a gradebook. An attempt is never changed. What stands for a file is one of its attempts.
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
  notes text not null
);
create index by_file on attempt (student, file);
create table standing (
  student text not null,
  file text not null,
  attempt integer not null references attempt,
  primary key (student, file)
);

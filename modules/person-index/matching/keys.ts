import type { MatchRecord } from './records.ts'

/**
 * The texts under which somebody is looked for among all: two people who share none are not compared. They hold personal
 * data and are digested before anything is kept. A name is in none of them alone, as names are few enough to be counted.
 */
export function blockingKeys(record: MatchRecord): string[] {
  const { name, id, birthDate, gender, phone } = record
  const keys = [
    id && `id:${id.kind}:${id.number}`,
    phone && `phone:${phone}`,
    // Day and month in one order, so that those who changed them over are found.
    name.sound && `name-birth:${name.sound}:${unordered(birthDate)}`,
    name.sound && id && `name-id:${name.sound}:${id.number.slice(-6, -1)}`,
    name.surnameSound && `surname-birth:${name.surnameSound}:${gender ?? ''}:${birthDate}`,
  ]
  return keys.filter((key) => typeof key === 'string' && key !== '') as string[]
}

const unordered = (date: string): string =>
  `${date.slice(0, 4)}-${date.slice(5).split('-').toSorted().join('-')}`

import { type PersonFacts, readIdNumber } from '../../identity/index.ts'
import { type Name, readName } from './names.ts'

/** What is known of somebody, read once, so that a comparison only compares. */
export type MatchRecord = {
  name: Name
  /** With its kind, as numbers of two kinds say nothing about each other; null for none. */
  id: { kind: string; number: string; isValid: boolean } | null
  /** 'YYYY-MM-DD'. */
  birthDate: string
  gender: 'male' | 'female' | null
  phone: string | null
  address: string | null
  isIdentified: boolean
}

export type MatchFacts = Omit<PersonFacts, 'personId'>

export function readRecord(facts: MatchFacts): MatchRecord {
  const { idNumber, idKind, gender, birthDate } = facts
  return {
    name: readName(facts.name),
    id: idNumber ? readId(idKind, idNumber) : null,
    birthDate,
    gender: gender === 'unknown' ? null : gender,
    phone: facts.phone && phoneOf(facts.phone),
    address: facts.address && addressOf(facts.address),
    isIdentified: facts.standing === 'identified',
  }
}

function readId(kind: PersonFacts['idKind'], text: string): MatchRecord['id'] {
  if (kind !== 'id_card') return { kind, number: text, isValid: true }
  const read = readIdNumber(text)
  return 'fault' in read
    ? { kind, number: text.normalize('NFKC').trim().toUpperCase(), isValid: false }
    : { kind, number: read.number, isValid: true }
}

/** The national digits alone: 0086 and +86 are the same country. */
const phoneOf = (text: string): string | null =>
  text.replaceAll(/\D/g, '').replace(/^(?:0086|86)(?=1\d{10}$)/, '') || null

const addressOf = (text: string): string | null =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s,，。.·()-]+/gu, '') || null

import type { HospitalId } from '../../kernel/id.ts'

/** What is wrong with a sealed log. */
export type FindingKind =
  | 'item_changed' // its bytes are not those that were sealed
  | 'item_missing' // it was sealed, and is not there
  | 'item_not_sealed' // it is there, older than what was sealed, and has no leaf
  | 'item_backdated' // it was sealed long after what it claims to be older than
  | 'leaf_missing' // a place in the tree has no leaf
  | 'leaf_beyond_head' // a leaf that no head covers
  | 'root_differs' // the leaves do not make the tree that was signed
  | 'node_differs' // a kept hash is not what the leaves make, or is not there
  | 'signature_wrong' // not signed by the key it names
  | 'key_unknown' // signed by a key that nobody trusts
  | 'chain_broken' // does not follow the head before it
  | 'time_goes_back' // signed at a moment before the head before it
  | 'countersignature_wrong'
  | 'head_missing' // the file has it and the database has not: cut off
  | 'head_differs' // the file has another one of this size
  | 'head_not_filed' // the file does not have it

export type Finding = {
  hospitalId: HospitalId
  log: string
  kind: FindingKind
  /** The item, the place or the head it is about. */
  subject: string
}

export type LogReport = {
  hospitalId: HospitalId
  log: string
  heads: number
  /** Items checked against their leaves. */
  items: number
  /** Items made so lately that their sealing may be still to come. */
  waiting: number
  findings: Finding[]
  /** How many more findings there are than are named. */
  unnamed: number
}

const MOST_NAMED = 1_000

/** Names the first thousand findings and counts the rest. */
export function collectFindings(hospitalId: HospitalId, log: string) {
  const findings: Finding[] = []
  let unnamed = 0
  const add = (kind: FindingKind, subject: string): void => {
    if (findings.length < MOST_NAMED) findings.push({ hospitalId, log, kind, subject })
    else unnamed++
  }
  return { findings, unnamed: () => unnamed, add }
}

export type Findings = ReturnType<typeof collectFindings>

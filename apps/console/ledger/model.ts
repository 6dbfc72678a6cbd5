import type { components, operations } from '../../../contract/hub.d.ts'

type Schemas = components['schemas']

export type AccountName = Schemas['LedgerAccountName']
export type Account = Schemas['LedgerAccount']
export type Kind = Account['kind']
export type TrialBalance = Schemas['LedgerTrialBalance']
export type Statement = Schemas['LedgerStatement']
export type Line = Statement['items'][number]
export type Entry = Schemas['LedgerEntry']
export type Head = Schemas['TreeHead']

type Standing = operations['getSealingStanding']['responses'][200]['content']['application/json']
export type LogStanding = Standing['items'][number]
export type Partners = Standing['partners']

export const KINDS = ['asset', 'liability', 'equity', 'income', 'expense'] as const satisfies Kind[]

/** Accounts of one kind under one subject of the accounting system, in the order of their codes. */
export type SubjectGroup = {
  key: string
  subjectCode: string | null
  subjectName: string | null
  accounts: Account[]
}

export type KindGroup = { kind: Kind; subjects: SubjectGroup[] }

/** The chart as a tree: kinds in the order of a balance sheet, under each the subjects by code, those without one last. */
export function treeOf(accounts: readonly Account[]): KindGroup[] {
  return KINDS.flatMap((kind) => {
    const ofKind = accounts.filter((account) => account.kind === kind)
    return ofKind.length === 0 ? [] : [{ kind, subjects: subjectsOf(ofKind) }]
  })
}

const LAST = '\uFFFF'

function subjectsOf(accounts: readonly Account[]): SubjectGroup[] {
  const groups = new Map<string, SubjectGroup>()
  for (const account of accounts) {
    const { kind, subjectCode, subjectName } = account
    const key = `${kind} ${subjectCode ?? LAST}`
    const group = groups.get(key) ?? { key, subjectCode, subjectName, accounts: [] }
    group.accounts.push(account)
    groups.set(key, group)
  }
  return [...groups.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

export const sumOf = (
  accounts: readonly Account[],
  key: 'debitFen' | 'creditFen' | 'balanceFen',
): number => accounts.reduce((sum, account) => sum + account[key], 0)

/** What an entry is about: 'payment:0190…' is a payment. */
export const aboutOf = (subject: string): { kind: string; id: string } => {
  const at = subject.indexOf(':')
  return at < 0
    ? { kind: '', id: subject }
    : { kind: subject.slice(0, at), id: subject.slice(at + 1) }
}

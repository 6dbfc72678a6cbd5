import { type BusinessDate, instantAt } from '../../../kernel/time.ts'
import { isFactName, parseValue } from './fact-draft.ts'
import type { Method, Rules, Scene, Wish } from './model.ts'
import { readYuan } from './terms-draft.ts'

/** A payment to try the rules with, as it is typed; nothing for what is not known. */
export type WishDraft = {
  amount: string
  scene: Scene
  department: string
  method: Method | ''
  preferred: string
  lastUsed: string
  /** Null: not known what is there. */
  devices: string[] | null
  facts: readonly { name: string; value: string }[]
  /** "2026-11-22T10:00" in Shanghai; nothing for now. */
  at: string
}

export const NEW_WISH: WishDraft = {
  amount: '100.00',
  scene: 'outpatient',
  department: '',
  method: '',
  preferred: '',
  lastUsed: '',
  devices: null,
  facts: [],
  at: '',
}

/** What a part of the form shows and changes. */
export type WishProps = { draft: WishDraft; change: (changes: Partial<WishDraft>) => void }

/** A part that cannot be read. Words: channels.dryRun.problems.<part>. */
export type WishProblem = 'amount' | 'facts' | 'at'

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})$/

/** `rules`: to try by these in place of those that are kept. */
export function readWish(
  draft: WishDraft,
  rules: Rules | null,
): { wish: Wish; problems: [] } | { wish: null; problems: WishProblem[] } {
  const amountFen = readYuan(draft.amount)
  const named = draft.facts.map(({ name, value }) => [name.trim(), value] as const)
  const [, date, time] = LOCAL_TIME.exec(draft.at) ?? []
  const problems: WishProblem[] = [
    ...(amountFen ? [] : (['amount'] as const)),
    ...(named.every(([name]) => isFactName(name)) ? [] : (['facts'] as const)),
    ...(draft.at === '' || date ? [] : (['at'] as const)),
  ]
  if (problems.length > 0 || !amountFen) return { wish: null, problems }
  const attributes = Object.fromEntries(named.map(([name, value]) => [name, parseValue(value)]))
  const { scene, department, method, preferred, lastUsed, devices } = draft
  return {
    problems: [],
    wish: {
      amountFen,
      scene,
      department: department || null,
      method: method || null,
      payer: {
        preferred: preferred || null,
        lastUsed: lastUsed || null,
        devices: devices && [...devices],
        attributes,
      },
      ...(date && time ? { at: instantAt(date as BusinessDate, `${time}:00`).toISOString() } : {}),
      ...(rules ? { rules } : {}),
    },
  }
}

import { useTranslation } from 'react-i18next'

import { type CaseSubject, readCaseSubject } from '../cross-checks/model.ts'
import type { Case } from '../search/choices.ts'
import { useStaff } from '../shell/staff.ts'

/** How a person may end a case. Words: cases.resolutions.<resolution>. */
export const RESOLUTIONS = [
  'corrected_by_provider',
  'corrected_by_hospital',
  'refunded',
  'written_off',
  'not_ours',
  'no_difference',
  'appealed',
  'patient_pays',
  'hospital_bears',
] as const

export type Resolution = (typeof RESOLUTIONS)[number]

const OF_A_CLAIM: readonly Resolution[] = ['appealed', 'patient_pays', 'hospital_bears']

/** What the hub takes for a case of this class: it refuses the rest. */
export const resolutionsFor = ({ class: cls }: Pick<Case, 'class'>): readonly Resolution[] =>
  cls === 'claim_attention' ? OF_A_CLAIM : RESOLUTIONS.filter((one) => !OF_A_CLAIM.includes(one))

/** What the case is about, as the hub's subject says. */
export type Subject =
  | { kind: 'payment' | 'refund'; id: string }
  | { kind: 'statement'; date: string; source: string }
  | { kind: 'line'; source: string; no: string }
  | ({ kind: 'cross_check' } & CaseSubject)
  | { kind: 'other' }

export function readSubject({ subject }: Pick<Case, 'subject'>): Subject {
  const [kind = '', first = '', second = '', ...rest] = subject.split(':')
  if (kind === 'cross_check') {
    const about = readCaseSubject(subject)
    return about ? { kind, ...about } : { kind: 'other' }
  }
  if (kind === 'payment' || kind === 'refund') return { kind, id: first }
  if (kind === 'statement') return { kind, date: first, source: second }
  if (kind === 'line') return { kind, source: first, no: rest.join(':') }
  return { kind: 'other' }
}

/** Who did something: oneself, a colleague by the end of the number, or the machine. */
export function useActorName(): (actor: string) => string {
  const { t } = useTranslation()
  const { staffId, name } = useStaff()
  return (actor) => {
    const [kind, id = ''] = actor.split(':')
    if (kind === 'system') return t('cases.actors.system')
    if (id === staffId) return t('cases.actors.me', { name })
    return t('cases.actors.colleague', { no: id.slice(-4) })
  }
}

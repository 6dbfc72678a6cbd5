import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { components, operations } from '../../../contract/hub.d.ts'
import en from '../../web/locales/en/queue.json'
import zh from '../../web/locales/zh-CN/queue.json'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'queue'

export function useQueueWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

export type Line = components['schemas']['QueueLine']
export type Board = components['schemas']['QueueBoard']
export type Place = components['schemas']['QueuePlace']
export type Accuracy = components['schemas']['QueueAccuracy']
type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? Body
  : never
export type Act = BodyOf<'actOnQueueTicket'>['act']
export type NewLine = BodyOf<'openQueueLine'>
export type Medium = BodyOf<'checkIn'>['medium']
export type NewScreen = BodyOf<'addQueueScreen'>

export const LINE_KINDS = ['clinic', 'laboratory', 'imaging', 'pharmacy'] as const

/** The kinds that a desk reads. */
export const DESK_MEDIA = [
  'social_card',
  'insurance_voucher',
  'id_card',
  'hospital_card',
  'health_code',
] as const satisfies readonly Medium['kind'][]

/** What may be done with a ticket in this state, the likeliest first. */
export const ACTS_OF: Record<Place['state'], readonly Act[]> = {
  waiting: ['leave'],
  called: ['begin', 'finish', 'call_again', 'pass', 'undo_call'],
  in_service: ['finish'],
  passed: ['recall', 'leave'],
  done: [],
  left: [],
  transferred: [],
}

/** The line as people call it: 心血管内科 · 张医生. */
export const lineName = ({ departmentName, doctorName }: Line): string =>
  [departmentName, doctorName].filter(Boolean).join(' · ')

import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { components, operations } from '../../../contract/hub.d.ts'
import en from '../../web/locales/en/records.json'
import zh from '../../web/locales/zh-CN/records.json'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'records'

export function useRecordWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

type Schemas = components['schemas']
export type Records = Schemas['SharedRecords']
export type Glass = Schemas['BreakGlass']
export type Question = Schemas['RecordQuestion']

export type Reading = operations['readSharedRecords']['requestBody']['content']['application/json']
export type GlassWish = operations['breakGlass']['requestBody']['content']['application/json']

export const MEDIA = [
  'id_card',
  'social_card',
  'insurance_voucher',
  'health_code',
  'passport',
] as const satisfies readonly Reading['medium']['kind'][]

export const KINDS = ['report', 'visit'] as const satisfies readonly Reading['kind'][]

export const PURPOSES = [
  'treatment',
  'referral',
  'second_opinion',
] as const satisfies readonly Reading['purpose'][]

export const REASONS = [
  'emergency',
  'unconscious',
  'infectious_disease',
  'other',
] as const satisfies readonly GlassWish['reason'][]

import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { operations } from '../../../contract/hub.d.ts'
import en from '../../web/locales/en/media.json'
import zh from '../../web/locales/zh-CN/media.json'

// The words of this page come with it: who never opens it needs none.

const NAMESPACE = 'media'

export function useMediaWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

export type Presented = operations['resolveMedium']['requestBody']['content']['application/json']
export type Holder = operations['resolveMedium']['responses'][200]['content']['application/json']
export type Medium = Holder['media'][number]
export type Kind = Presented['kind']

/** What a clerk reads or types; a face and a wallet's account are not typed. */
export const KINDS = [
  'id_card',
  'social_card',
  'hospital_card',
  'insurance_voucher',
  'health_code',
  'bank_card',
  'passport',
  'hk_macao_permit',
  'taiwan_permit',
  'foreign_residence',
] as const satisfies readonly Kind[]

import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { components, operations } from '../../../contract/hub.d.ts'
import en from '../../web/locales/en/family.json'
import zh from '../../web/locales/zh-CN/family.json'

// The words of this page come with it: who never opens it needs none.

const NAMESPACE = 'family'

export function useFamilyWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

export type FamilyLink = components['schemas']['FamilyLink']
type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? Body
  : never
export type LookUp = BodyOf<'lookUpFamilyLinks'>
export type Decision = BodyOf<'decideFamilyLinkAtDesk'>
export type Ending = BodyOf<'endFamilyLinkAtDesk'>

export const MEDIA = [
  'id_card',
  'social_card',
  'hospital_card',
  'passport',
] as const satisfies readonly LookUp['kind'][]

/** What is seen for a child or a ward, and for somebody who speaks for themself. */
export const EVIDENCE = {
  proof: ['household_register', 'birth_certificate', 'adoption_certificate', 'court_order'],
  consent: ['member_present'],
} as const satisfies Record<FamilyLink['ground'], readonly Decision['evidence'][]>

export const END_REASONS = [
  'member_asks',
  'custody_changed',
  'entered_wrongly',
] as const satisfies readonly Ending['reason'][]

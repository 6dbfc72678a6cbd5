import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { components, operations } from '../../../contract/hub.d.ts'
import en from '../../web/locales/en/onboarding.json'
import zh from '../../web/locales/zh-CN/onboarding.json'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'onboarding'

export function useOnboardingWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

type AnswerOf<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer T } } }
}
  ? T
  : never
type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer T } }
}
  ? T
  : never

export type Draft = components['schemas']['OnboardingDraft']
export type Step = components['schemas']['OnboardingStep']
export type Standing = AnswerOf<'getOnboarding'>
export type Product = AnswerOf<'listHospitalProducts'>['items'][number]
export type Department = AnswerOf<'listOnboardingDepartments'>['items'][number]
export type Content = BodyOf<'saveOnboarding'>
export type Fixtures = BodyOf<'startConformance'>['fixtures']
export type Terms = BodyOf<'putOnboardingForward'>

/** One operation that was asked in earnest, as a step's detail has it. */
export type Tried = {
  operation: string
  outcome: 'ok' | 'refused' | 'unknown' | 'not_offered'
  fault: string | null
  reason: string
  durationMs: number
  wire: { sent: string; came: string }[]
  canonical: string
}

/** What the kit found, as a step's detail has it. */
export type Report = {
  isConformant: boolean
  passed: number
  failed: number
  skipped: number
  scores: {
    subject: string
    title: { zh: string; en: string }
    passed: number
    failed: number
    skipped: number
  }[]
  checks: {
    id: string
    title: { zh: string; en: string }
    paragraph: string
    outcome: 'passed' | 'skipped' | 'failed'
    failure?: { what: string; expected: string; found: string; sent: string; came: string }
  }[]
}

export const triedOf = ({ detail }: Step): Tried[] => (detail['tried'] as Tried[] | undefined) ?? []

export const reportOf = ({ detail }: Step): Report | null =>
  (detail['report'] as Report | undefined) ?? null

/** What a step's detail says in words under this name; empty where it says nothing. */
export function said({ detail }: Step, name: 'problem' | 'sha256'): string {
  const value = detail[name]
  return typeof value === 'string' ? value : ''
}

/** The newest of its kind. */
export const lastOf = (steps: readonly Step[], kind: Step['kind']): Step | undefined =>
  steps.findLast((step) => step.kind === kind)

import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { components, operations } from '../../../contract/hub.d.ts'
import en from '../../web/locales/en/rollout.json'
import zh from '../../web/locales/zh-CN/rollout.json'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'rollout'

export function useRolloutWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

export type Department = { code: string; name: string }
export type Rollout = components['schemas']['Rollout']
export type Proposal = components['schemas']['RolloutProposal']
export type Change = operations['changeRollout']['requestBody']['content']['application/json']

export const STAGES = [
  'pilot',
  'expansion',
  'optimisation',
] as const satisfies readonly Rollout['stage'][]

export const SCENES = [
  'booking',
  'queue',
  'payment',
  'refund',
  'report',
  'stay',
] as const satisfies readonly Rollout['scenes'][number][]

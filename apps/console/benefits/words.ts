import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import en from '../../web/locales/en/benefits.json'
import zh from '../../web/locales/zh-CN/benefits.json'
import { useActorName } from '../cases/words.ts'
import type { Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import type { Entitlement, Programme } from './model.ts'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'benefits'

export function useBenefitWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

/** A programme by its name in the language shown. */
export function useProgrammeName(): (name: Programme['name']) => string {
  const { i18n } = useBenefitWords()
  return ({ zh: zhName, en: enName }) => (i18n.language === 'en' ? enName : zhName)
}

/** Who did something: staff, the machine, the hospital's own system, or the person. */
export function useActor(): (actor: string) => string {
  const { t } = useBenefitWords()
  const actorName = useActorName()
  return (actor) => {
    const [kind] = actor.split(':')
    return kind === 'his' || kind === 'person' ? t(`actors.${kind}`) : actorName(actor)
  }
}

type Look = { tone: Tone; icon: IconName }

const GOOD: Look = { tone: 'good', icon: 'check' }
const WAITS: Look = { tone: 'held', icon: 'clock' }
const REFUSED: Look = { tone: 'plain', icon: 'missing' }

export const LOOK_OF_PROGRAMME: Record<Programme['status'], Look> = {
  proposed: WAITS,
  active: GOOD,
  refused: REFUSED,
  ended: { tone: 'plain', icon: 'lock' },
}

export const LOOK_OF_ENTITLEMENT: Record<Entitlement['status'], Look> = {
  proposed: WAITS,
  active: GOOD,
  refused: REFUSED,
  revoked: REFUSED,
  expired: { tone: 'plain', icon: 'clock' },
}

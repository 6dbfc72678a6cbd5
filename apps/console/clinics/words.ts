import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { components } from '../../../contract/hub.d.ts'
import en from '../../web/locales/en/clinics.json'
import zh from '../../web/locales/zh-CN/clinics.json'
import { momentText } from '../../web/moment.ts'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'clinics'

export function useClinicWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

export type Clinic = components['schemas']['Clinic']
export type Session = components['schemas']['BookingSession']
export type Stop = components['schemas']['SessionStop']
export type Progress = components['schemas']['SessionStopProgress']
export type StoppedPerson = components['schemas']['StoppedPerson']
export type Outcome = StoppedPerson['outcome']

/** 11月25日 周三 上午, as a session is called. */
export function useSessionTime(): (session: Session) => string {
  const { t, i18n } = useClinicWords()
  return ({ startsAt, period }) =>
    `${momentText(startsAt, 'day', i18n.language)} ${t(`periods.${period}`)}`
}

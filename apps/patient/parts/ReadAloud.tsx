import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Icon } from './Icon.tsx'

/** Reads out what stands on the page, where the browser has a voice. */
export function ReadAloud({ words }: { words: string }) {
  const { t, i18n } = useTranslation()
  const [isReading, setReading] = useState(false)
  useEffect(() => () => globalThis.speechSynthesis?.cancel(), [])
  if (!('speechSynthesis' in globalThis)) return null
  const read = () => {
    speechSynthesis.cancel()
    if (isReading) return setReading(false)
    const speech = new SpeechSynthesisUtterance(words)
    speech.lang = i18n.language
    speech.addEventListener('end', () => setReading(false))
    speech.addEventListener('error', () => setReading(false))
    speechSynthesis.speak(speech)
    return setReading(true)
  }
  return (
    <button type="button" className="icon-button" onClick={read} aria-pressed={isReading}>
      <Icon name="sound" />
      <span className="visually-hidden">{t('readAloud')}</span>
    </button>
  )
}

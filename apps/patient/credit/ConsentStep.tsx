import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CreditOffer } from '../../../contract/client.ts'
import { inLanguage } from './use-credit.ts'

/**
 * The text to agree to, in full and on a screen of its own, what is agreed to above it and the box to tick below its
 * end: nobody agrees before they have gone past it. The box is empty at first.
 */
export function ConsentStep({ consent, yes, isSending, onYes, onBack, children }: ConsentProps) {
  const { t, i18n } = useTranslation()
  const [isTicked, setTicked] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const noteId = useId()
  // A new step on the same page: the reader begins with it, and the eye at its top.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    window.scrollTo?.(0, 0)
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isTicked) onYes()
  }
  return (
    <form onSubmit={submit} className="consent">
      {children}
      <section className="card">
        <h2 ref={heading} tabIndex={-1}>
          {t('credit:consent.title')}
        </h2>
        <p className="fine-print">{t('credit:consent.version', { version: consent.version })}</p>
        {inLanguage(consent.text, i18n.language)
          .split(/\n+/)
          .map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
      </section>
      <section className="card">
        <label className="tick">
          <input
            type="checkbox"
            checked={isTicked}
            onChange={({ currentTarget }) => setTicked(currentTarget.checked)}
          />
          <span>{t('credit:consent.agree')}</span>
        </label>
        {!isTicked && (
          <p className="note" id={noteId}>
            {t('credit:consent.tickFirst')}
          </p>
        )}
        <button
          type="submit"
          className="button button-primary"
          disabled={!isTicked || isSending}
          aria-describedby={isTicked ? undefined : noteId}
        >
          {isSending ? t('credit:consent.sending') : yes}
        </button>
        <button type="button" className="button" onClick={onBack}>
          {t('credit:consent.back')}
        </button>
      </section>
    </form>
  )
}

type ConsentProps = {
  consent: CreditOffer['consent']
  yes: string
  isSending: boolean
  onYes: () => void
  onBack: () => void
  /** What is agreed to: the terms that were chosen, with their yearly rate. */
  children: ReactNode
}

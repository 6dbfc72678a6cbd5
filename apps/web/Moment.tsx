import { useTranslation } from 'react-i18next'

import { type MomentForm, momentText } from './moment.ts'

/** An instant for people, in Shanghai's time. Null is a dash. */
export function Moment({ at, form = 'moment' }: { at: string | null; form?: MomentForm }) {
  const { i18n } = useTranslation()
  if (at === null) return <span className="moment">—</span>
  return (
    <time className="moment" dateTime={at}>
      {momentText(at, form, i18n.language)}
    </time>
  )
}

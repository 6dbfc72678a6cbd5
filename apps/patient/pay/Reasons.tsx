import { useTranslation } from 'react-i18next'

import { type Source, sourceReasons } from './source-words.ts'

/** Why it pays what it pays, and on which terms: the yearly rate of a loan stands out, as the rule asks. */
export function Reasons({ source }: { source: Source }) {
  const { t, i18n } = useTranslation()
  const reasons = sourceReasons(t, source, i18n.language)
  if (reasons.length === 0) return null
  return (
    <ul className="source-reasons">
      {reasons.map(({ code, text, isRate }) => (
        <li key={`${code} ${text}`} className={isRate ? 'rate' : 'note'}>
          {text}
        </li>
      ))}
    </ul>
  )
}

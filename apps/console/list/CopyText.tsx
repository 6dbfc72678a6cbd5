import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { announce } from '../shell/announce.ts'
import { Icon } from '../shell/Icon.tsx'

/** A number that people carry elsewhere: shown whole, taken along with one press. */
export function CopyText({ text }: { text: string | null }) {
  const { t } = useTranslation()
  if (text === null || text === '') return <span>—</span>
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    announce(t('copy.done', { text }))
  }
  return (
    <span className="copy-text">
      <code>{text}</code>
      <Button
        type="text"
        size="small"
        icon={<Icon name="copy" />}
        aria-label={t('copy.label', { text })}
        onClick={() => void copy()}
      />
    </span>
  )
}

import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Icon } from '../shell/Icon.tsx'
import { useShortcut } from '../shell/shortcuts.ts'

type PagerProps = {
  /** How many rows are on this page; undefined while nobody knows. */
  shown: number | undefined
  /** Whether rows come after these. */
  hasMore: boolean
  isFirst: boolean
  onFirst: () => void
  onNext: () => void
}

/** Through a list without page numbers: on, or back to the start. Back one page is the browser's way back. */
export function Pager({ shown, hasMore, isFirst, onFirst, onNext }: PagerProps) {
  const { t } = useTranslation()
  useShortcut('n', () => hasMore && onNext())
  if (shown === undefined) return null
  return (
    <nav className="pager" aria-label={t('pager.label')}>
      <span>{t('pager.shown', { count: shown })}</span>
      {!isFirst && (
        <Button size="small" onClick={onFirst}>
          {t('pager.first')}
        </Button>
      )}
      {hasMore ? (
        <Button size="small" onClick={onNext}>
          {t('pager.next')} <Icon name="right" />
        </Button>
      ) : (
        <span className="fine">{t('pager.end')}</span>
      )}
    </nav>
  )
}

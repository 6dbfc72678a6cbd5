import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

/** Nothing to list: says so, and how to see more where a filter is the reason. */
export function Empty({ text, onClear }: { text: string; onClear?: (() => void) | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="empty">
      <p>{text}</p>
      {onClear && <Button onClick={onClear}>{t('filters.clear')}</Button>}
    </div>
  )
}

import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { failureText, readFailure } from '../../web/problem.ts'
import { Icon } from '../shell/Icon.tsx'

/** What went wrong, in words, with the number under which the hub's log has it, and a way to go on. */
export function Fault({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t, i18n } = useTranslation()
  const failure = readFailure(error)
  return (
    <div className="fault" role="alert">
      <Icon name="alert" />
      <div>
        <p>{failureText(i18n, failure)}</p>
        {failure.instance && (
          <p className="fine">{t('common:problem.no', { instance: failure.instance })}</p>
        )}
      </div>
      {onRetry && <Button onClick={onRetry}>{t('common:problem.retry')}</Button>}
    </div>
  )
}

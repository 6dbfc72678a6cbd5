import Skeleton from 'antd-mobile/es/components/skeleton'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SECOND_MS } from '../../../kernel/time.ts'

const SLOW_MS = 5 * SECOND_MS

/** Where something will stand that is still asked for. Says so in words when it takes long. */
export function Waiting({ rows, words }: { rows: number; words?: string }) {
  const { t } = useTranslation('common')
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="waiting">
      <Skeleton.Title animated aria-hidden="true" />
      <Skeleton.Paragraph lineCount={rows} animated aria-hidden="true" />
      <p role="status" className={isSlow || words ? 'note' : 'visually-hidden'}>
        {isSlow ? t('problem.slow') : (words ?? t('problem.loading'))}
      </p>
    </div>
  )
}

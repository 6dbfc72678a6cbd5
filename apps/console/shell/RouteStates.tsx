import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { Fault } from '../list/Fault.tsx'

export const RoutePending = () => (
  <div className="page" aria-busy="true">
    <Skeleton active paragraph={{ rows: 8 }} />
  </div>
)

export function RouteFault({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = async () => {
    reset()
    await router.invalidate()
  }
  return (
    <div className="page">
      <Fault error={error} onRetry={() => void retry()} />
    </div>
  )
}

export function Missing() {
  const { t } = useTranslation()
  return (
    <main className="page nothing">
      <h1>{t('missing.title')}</h1>
      <p>{t('missing.hint')}</p>
      <Link to="/">{t('missing.home')}</Link>
    </main>
  )
}

import { useTranslation } from 'react-i18next'

import { StatusChip } from '../list/StatusChip.tsx'
import { type Application, isOn } from './model.ts'

/** Whether the application may call now; switched off by its home is off everywhere. */
export function ApplicationChip({ application }: { application: Application }) {
  const { t } = useTranslation()
  if (isOn(application)) {
    return <StatusChip tone="good" icon="check" text={t('partners.statuses.active')} />
  }
  const why = application.status === 'disabled' ? 'disabled' : 'withdrawn'
  return <StatusChip tone="bad" icon="cross" text={t(`partners.statuses.${why}`)} />
}

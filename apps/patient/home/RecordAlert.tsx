import { useTranslation } from 'react-i18next'

import { query } from '../api.ts'
import { Go, places } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'

/** Somebody read one's records in an emergency: said on the first page until it has been seen. */
export function RecordAlert() {
  const { t } = useTranslation()
  const { data } = query.useQuery('get', '/v1/my-record-alerts', {})
  if (!data || data.items.length === 0) return null
  return (
    <Go place={places.sharing} className="card row">
      <span>
        <Icon name="clock" /> {t('home.recordAlert')}
      </span>
      <Icon name="forward" />
    </Go>
  )
}

import { useTranslation } from 'react-i18next'

import { useHospitalName } from './hospitals.ts'
import { Icon } from './Icon.tsx'
import { useMe } from './me.ts'

/** At which hospital and for whom: on every page that shows money. */
export function ForWhom({ hospitalId }: { hospitalId: number }) {
  const { t } = useTranslation()
  const hospital = useHospitalName(hospitalId)
  const me = useMe()
  return (
    <p className="for-whom">
      <span>
        <Icon name="hospital" /> {hospital}
      </span>
      <span>
        <Icon name="person" /> {t('forWhom', { name: me?.name ?? '' })}
      </span>
    </p>
  )
}

import { useTranslation } from 'react-i18next'

import { useActing } from '../family/acting.ts'
import { useHospitalName } from './hospitals.ts'
import { Icon } from './Icon.tsx'
import { useMe } from './me.ts'

/** At which hospital and for whom: on every page that shows money. */
export function ForWhom({ hospitalId }: { hospitalId: number }) {
  const { t } = useTranslation()
  const hospital = useHospitalName(hospitalId)
  const me = useMe()
  const acting = useActing()
  return (
    <p className="for-whom">
      <span>
        <Icon name="hospital" /> {hospital}
      </span>
      <span>
        <Icon name="person" /> {t('forWhom', { name: acting?.name ?? me?.name ?? '' })}
      </span>
      {acting && (
        <span>
          <Icon name="card" /> {t('acting.payer', { name: me?.name ?? '' })}
        </span>
      )}
    </p>
  )
}

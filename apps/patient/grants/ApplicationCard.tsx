import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { momentText } from '../../web/moment.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Toggle } from '../parts/Toggle.tsx'
import { GrantForm } from './GrantForm.tsx'
import { type Application, type Grant, type GrantText, useWithdraw } from './use-grants.ts'

/** One application as a switch: switching on shows what is agreed to, switching off asks once more. */
export function ApplicationCard({ application, text, grant }: ApplicationCardProps) {
  const { t } = useTranslation('payers')
  const [isGiving, setGiving] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const withdraw = useWithdraw(application.hospitalId)
  const { name, kind } = application
  const end = () => {
    setAsking(false)
    setGiving(false)
    if (grant) withdraw.mutate(grant.id)
  }
  return (
    <div className="card">
      <Toggle
        label={t('grants.application', { name, kind: t(`grants.kinds.${kind}`) })}
        isOn={grant !== null}
        disabled={withdraw.isPending || text === null}
        onChange={(on) => (on ? setGiving(true) : setAsking(true))}
      />
      {grant && <Held grant={grant} />}
      {!grant && !isGiving && <p className="note">{t('grants.off')}</p>}
      {withdraw.error && <FailureBox error={withdraw.error} />}
      {isGiving && !grant && text && (
        <GrantForm application={application} text={text} onCancel={() => setGiving(false)} />
      )}
      {isAsking && (
        <Confirm
          title={t('grants.withdraw')}
          yes={t('grants.withdrawYes')}
          no={t('grants.withdrawNo')}
          onYes={end}
          onNo={() => setAsking(false)}
        >
          {t('grants.withdrawNote', { name })}
        </Confirm>
      )}
    </div>
  )
}

/** What is allowed and until when; and where a bank brought it, by which agreement. */
function Held({ grant }: { grant: Grant }) {
  const { t, i18n } = useTranslation('payers')
  return (
    <>
      <p role="status">
        {t('grants.until', { day: momentText(grant.expiresAt, 'day', i18n.language) })}
      </p>
      <ul className="note">
        {grant.scopes.map((scope) => (
          <li key={scope}>{t(`grants.scopes.${scope}`)}</li>
        ))}
      </ul>
      {grant.agreementNo !== null && (
        <p className="note">{t('grants.brought', { agreementNo: grant.agreementNo })}</p>
      )}
    </>
  )
}

type ApplicationCardProps = {
  application: Application
  text: GrantText | null
  grant: Grant | null
}

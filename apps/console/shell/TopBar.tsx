import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { switchLanguage } from '../../web/i18n.ts'
import { api } from '../api.ts'
import { AccountSearch } from './AccountSearch.tsx'
import { DatePicker } from './DatePicker.tsx'
import { Icon } from './Icon.tsx'
import { SearchBox } from './SearchBox.tsx'
import { forgetSession } from './session.ts'
import { isOfLender, useStaff } from './staff.ts'

export function TopBar({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  const isBank = isOfLender(useStaff())
  return (
    <header className="top-bar">
      {isBank ? <LenderName /> : <HospitalName />}
      {!isBank && <DatePicker />}
      {isBank ? <AccountSearch /> : <SearchBox />}
      <LanguageSwitch />
      <Button
        type="text"
        icon={<Icon name="help" />}
        aria-label={t('shell.help')}
        onClick={onHelp}
      />
      <Me />
    </header>
  )
}

function HospitalName() {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const { data } = api.query.useQuery('get', '/v1/hospitals', {}, { staleTime: Infinity })
  const hospital = data?.items.find(({ id }) => id === hospitalId)
  return (
    <p className="hospital-name">
      <img src="/console/favicon.svg" alt={t('common:product')} width="24" height="24" />
      <span title={hospital?.name}>
        {hospital?.name ?? t('shell.hospital', { no: hospitalId })}
      </span>
    </p>
  )
}

function LenderName() {
  const { t, i18n } = useTranslation()
  const { hospitalId: lenderId } = useStaff()
  const { data } = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}',
    { params: { path: { lenderId } } },
    { staleTime: Infinity },
  )
  const name = i18n.language === 'en' ? data?.name.en : data?.name.zh
  return (
    <p className="hospital-name">
      <img src="/console/favicon.svg" alt={t('common:product')} width="24" height="24" />
      <span title={name}>{name ?? t('shell.lender', { no: lenderId })}</span>
    </p>
  )
}

export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  const other = i18n.language === 'en' ? 'zh-CN' : 'en'
  return (
    <Button
      type="text"
      icon={<Icon name="language" />}
      lang={other}
      aria-label={t(`common:language.${other}`)}
      onClick={() => void switchLanguage(other)}
    >
      {t(`shell.languages.${other}`)}
    </Button>
  )
}

function Me() {
  const { t } = useTranslation()
  const { name, roles } = useStaff()
  const router = useRouter()
  const queryClient = useQueryClient()
  const signOut = api.query.useMutation('delete', '/v1/sessions/current', {
    onSettled: async () => {
      forgetSession()
      queryClient.clear()
      await router.navigate({ to: '/sign-in' })
    },
  })
  return (
    <div className="me">
      <p>
        <span className="me-name">{name}</span>
        <span className="fine">{roles.map((role) => t(`roles.${role}`)).join(' · ')}</span>
      </p>
      <Button
        type="text"
        icon={<Icon name="out" />}
        aria-label={t('shell.signOut')}
        loading={signOut.isPending}
        onClick={() => signOut.mutate({})}
      >
        <span className="on-wide-only">{t('shell.signOut')}</span>
      </Button>
    </div>
  )
}

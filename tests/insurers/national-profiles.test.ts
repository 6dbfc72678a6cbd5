import { describeInsuranceCentre } from './describe-insurance-centre.ts'

describeInsuranceCentre('standard')
describeInsuranceCentre('guangdong')
describeInsuranceCentre('jilin')

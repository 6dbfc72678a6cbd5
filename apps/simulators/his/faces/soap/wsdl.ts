import { CLIENT_NS } from './envelope.ts'

/** What a service offers, in SOAP 1.1's words: each operation takes one string and gives one. */
export function wsdlOf(name: string, operations: readonly string[], address: string): string {
  const each = (write: (operation: string) => string) => operations.map(write).join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="${name}" targetNamespace="${CLIENT_NS}" xmlns:tns="${CLIENT_NS}"
  xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xs="http://www.w3.org/2001/XMLSchema">
<wsdl:types><xs:schema targetNamespace="${CLIENT_NS}">
${each(
  (o) => `<xs:element name="${o}"><xs:complexType><xs:sequence>
<xs:element name="arg0" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="${o}Response"><xs:complexType><xs:sequence>
<xs:element name="return" type="xs:string"/></xs:sequence></xs:complexType></xs:element>`,
)}
</xs:schema></wsdl:types>
${each(
  (o) => `<wsdl:message name="${o}"><wsdl:part name="parameters" element="tns:${o}"/></wsdl:message>
<wsdl:message name="${o}Response"><wsdl:part name="parameters" element="tns:${o}Response"/></wsdl:message>`,
)}
<wsdl:portType name="${name}">
${each(
  (o) => `<wsdl:operation name="${o}"><wsdl:input message="tns:${o}"/>
<wsdl:output message="tns:${o}Response"/></wsdl:operation>`,
)}
</wsdl:portType>
<wsdl:binding name="${name}Binding" type="tns:${name}">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each(
  (o) => `<wsdl:operation name="${o}"><soap:operation soapAction=""/>
<wsdl:input><soap:body use="literal"/></wsdl:input>
<wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>`,
)}
</wsdl:binding>
<wsdl:service name="${name}"><wsdl:port name="${name}Port" binding="tns:${name}Binding">
<soap:address location="${address}"/></wsdl:port></wsdl:service>
</wsdl:definitions>
`
}

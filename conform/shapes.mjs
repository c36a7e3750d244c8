// Credentials of the shapes that conformance suites send (w3c/vc-di-ecdsa-test-suite and others): contexts of examples,
// terms in nested contexts, a context in a context. `pointers` choose what a holder discloses of each.
import { V1, V2 } from './peers.mjs';

const terms = (more) => ({
  '@protected': true,
  ...more,
  ExampleAchievementCredential: 'urn:example:ExampleAchievementCredential',
  WindsailingAchievement: {
    '@id': 'urn:example:WindsailingAchievement',
    '@context': {
      '@protected': true,
      id: '@id',
      type: '@type',
      sailNumber: 'urn:example:sailNumber',
      sails: { '@id': 'urn:example:sails', '@context': { '@protected': true, sailName: 'urn:example:sailName', size: 'urn:example:size', year: 'urn:example:year' } },
    },
  },
  achievements: { '@id': 'urn:example:achievements', '@type': '@id' },
});
const sails = [{ size: 5.5, sailName: 'Osprey', year: 2023 }, { size: 7.0, sailName: 'Eagle-FR', year: 2020 }];
const achievements = ['Earth101', 'Mars101'].map((sailNumber) => ({ type: 'WindsailingAchievement', sailNumber, sails }));
const windsailing = (base, more) => ({ '@context': [base, terms(more)], type: ['VerifiableCredential', 'ExampleAchievementCredential'], credentialSubject: { name: 'Jane Doe', achievements } });
const issuanceDate = '2020-03-16T22:37:26.544Z';
const type = ['VerifiableCredential'];
const subject = 'did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b';
const words = { '@value': 'شهادة', '@language': 'ar', '@direction': 'rtl' };

export const shapes = {
  small: { document: { '@context': [V2], id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33', type, name: words, credentialSubject: { id: subject, name: 'Alice' } }, pointers: ['/credentialSubject/name'] },
  'small 1.1': { document: { '@context': [V1], id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc34', type, issuanceDate, credentialSubject: { id: subject } }, pointers: ['/credentialSubject'] },
  'no id': { document: { '@context': [V2], type, credentialSubject: { name: 'Alice' } }, pointers: ['/credentialSubject/name'] },
  windsailing: { document: windsailing(V2), pointers: ['/credentialSubject/achievements/1/sails/0/year', '/credentialSubject/achievements/0/sails/1/size'] },
  'windsailing 1.1': { document: { ...windsailing(V1, { name: 'https://schema.org/name' }), issuanceDate }, pointers: ['/credentialSubject/achievements/0/sails/1'] },
  'context in a context': { document: { '@context': [V1, { '@context': { name: 'https://schema.org/name' } }], id: 'urn:uuid:86294362-4254-4f36-854f-3952fe42555d', type, issuanceDate, credentialSubject: { id: 'did:example:s', name: 'Example' } }, pointers: ['/credentialSubject/name'] },
  examples: { document: { '@context': [V2, 'https://www.w3.org/ns/credentials/examples/v2'], type: [...type, 'ExampleDegree'], credentialSubject: { id: subject, degree: 'Science' } }, pointers: ['/credentialSubject/degree'] },
  'examples 1.1': { document: { '@context': [V1, 'https://www.w3.org/2018/credentials/examples/v1'], id: 'urn:uuid:36245ee9-9074-4b05-a777-febff2e69758', type: [...type, 'UniversityDegreeCredential'], issuanceDate, credentialSubject: { id: subject, degree: { degreeType: 'BachelorDegree', name: 'Science' } } }, pointers: ['/credentialSubject/degree/degreeType'] },
};

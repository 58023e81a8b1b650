// Digests of passwords for the application. It uses V8 directly, not the stable Node-API, so that a build serves one
// major version of Node.js and is refused by any other.
#include <node.h>
#include <openssl/sha.h>

namespace {

// digest(text): SHA-256 of the text's UTF-8 bytes, as 64 hexadecimal digits.
void Digest(const v8::FunctionCallbackInfo<v8::Value>& call) {
  v8::Isolate* isolate = call.GetIsolate();
  v8::String::Utf8Value text(isolate, call[0]);
  if (*text == nullptr) {
    isolate->ThrowException(v8::Exception::TypeError(
        v8::String::NewFromUtf8Literal(isolate, "digest: the argument is no text")));
    return;
  }
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(*text), static_cast<size_t>(text.length()), hash);
  static const char kDigits[] = "0123456789abcdef";
  char hexadecimal[2 * SHA256_DIGEST_LENGTH];
  for (int i = 0; i < SHA256_DIGEST_LENGTH; i++) {
    hexadecimal[2 * i] = kDigits[hash[i] >> 4];
    hexadecimal[2 * i + 1] = kDigits[hash[i] & 15];
  }
  call.GetReturnValue().Set(
      v8::String::NewFromUtf8(isolate, hexadecimal, v8::NewStringType::kNormal, sizeof hexadecimal)
          .ToLocalChecked());
}

void Initialize(v8::Local<v8::Object> exports) { NODE_SET_METHOD(exports, "digest", Digest); }

}  // namespace

NODE_MODULE(NODE_GYP_MODULE_NAME, Initialize)

// A plugin for clang-tidy: its checks look at what this project wrote, not at each system header once more
// for each file. clang-tidy 19 matches whole translation units and drops what it found in system headers at
// the end, which is four fifths of its time; later ones leave them out by themselves (LLVM pull requests
// 128150 and 151035), and this file goes when one of them is used.
#include <memory>
#include <string>
#include <vector>

#include <clang/AST/ASTConsumer.h>
#include <clang/AST/ASTContext.h>
#include <clang/AST/Decl.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Frontend/FrontendPluginRegistry.h>

namespace {

class OwnDeclarations : public clang::ASTConsumer {
 public:
  void HandleTranslationUnit(clang::ASTContext& context) override {
    const clang::SourceManager& sources = context.getSourceManager();
    std::vector<clang::Decl*> own;
    // Without loading: what a precompiled header holds is of the system too, and stays in its file.
    for (clang::Decl* declaration : context.getTranslationUnitDecl()->noload_decls())
      if (!sources.isInSystemHeader(sources.getExpansionLoc(declaration->getLocation())))
        own.push_back(declaration);
    context.setTraversalScope(own);
  }
};

class ScopeAction : public clang::PluginASTAction {
 protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& /*compiler*/,
                                                        llvm::StringRef /*file*/) override {
    return std::make_unique<OwnDeclarations>();
  }
  bool ParseArgs(const clang::CompilerInstance& /*compiler*/,
                 const std::vector<std::string>& /*arguments*/) override {
    return true;
  }
  ActionType getActionType() override { return AddBeforeMainAction; }
};

const clang::FrontendPluginRegistry::Add<ScopeAction> kRegistered("own-declarations",
                                                                  "narrows what checks look at");

}  // namespace
